// What Glibc's module map leaves out: epoll, eventfd, accept4.
#ifndef CEPOLL_H
#define CEPOLL_H
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#endif
