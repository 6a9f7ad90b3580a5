#define _GNU_SOURCE
#include "CEpoll.h"
#include <sys/socket.h>

int chancery_accept(int listening, void *address, unsigned int *length) {
  return accept4(listening, (struct sockaddr *)address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
