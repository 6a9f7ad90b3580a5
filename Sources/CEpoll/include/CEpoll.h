// What Glibc's module map leaves out: epoll, eventfd, accept4, mallopt.
// _GNU_SOURCE is not defined here: it would change types (fd_set) that other modules have seen without it.
#ifndef CEPOLL_H
#define CEPOLL_H
#include <malloc.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

/// accept4(2), non-blocking and close-on-exec; `address` (a sockaddr_storage) and `length` may be null.
int chancery_accept(int listening, void *address, unsigned int *length);

#endif
