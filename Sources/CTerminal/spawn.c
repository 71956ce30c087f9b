// Starting programs, and the questions to a terminal that C answers in macros.
#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A started program begins with the standard signals, whatever this process ignores or blocks.
static int set_signals(posix_spawnattr_t *attributes) {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawnattr_setsigmask(attributes, &none);
    return failed ? failed : posix_spawnattr_setsigdefault(attributes, &all);
}

int ct_spawn_foreground(const char *program, char *const *arguments, char *const *environment,
                        int terminal, pid_t *process) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&files);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    int failed = set_signals(&attributes);
    if (!failed) failed = posix_spawnattr_setpgroup(&attributes, 0);
    for (int fd = 0; fd < 3 && !failed; fd++) {
        failed = posix_spawn_file_actions_adddup2(&files, terminal, fd);
    }
    // Before its first instruction, or it might be stopped for reading in the background.
    if (!failed) failed = posix_spawn_file_actions_addtcsetpgrp_np(&files, STDIN_FILENO);
    if (!failed) failed = posix_spawnattr_setflags(&attributes, flags);
    if (!failed) {
        failed = posix_spawnp(process, program, &files, &attributes, arguments, environment);
    }
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

int ct_spawn_quiet(const char *program, char *const *arguments, char *const *environment,
                   int input, pid_t *process) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&files);
    int failed = set_signals(&attributes);
    if (!failed) failed = posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    for (int fd = 1; fd < 3 && !failed; fd++) {
        failed = posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_WRONLY, 0);
    }
    if (!failed) {
        failed = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    if (!failed) {
        failed = posix_spawnp(process, program, &files, &attributes, arguments, environment);
    }
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

int ct_set_foreground(int terminal, pid_t group) {
    sigset_t background;
    sigset_t before;
    sigemptyset(&background);
    sigaddset(&background, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &background, &before);
    int result = tcsetpgrp(terminal, group);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

void ct_flush_output(void) { fflush(stdout); }

int ct_window_size(int terminal, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int ct_unsent_bytes(int terminal) {
    int count = 0;
    return ioctl(terminal, TIOCOUTQ, &count) == 0 ? count : 0;
}

int ct_memory_file(const char *name, const void *bytes, size_t count) {
    int descriptor = memfd_create(name, MFD_CLOEXEC);
    if (descriptor < 0) return -1;
    size_t done = 0;
    while (done < count) {
        ssize_t n = write(descriptor, (const char *)bytes + done, count - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            close(descriptor);
            return -1;
        }
        done += (size_t)n;
    }
    lseek(descriptor, 0, SEEK_SET);
    return descriptor;
}

int ct_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void ct_name_thread(pthread_t thread, const char *name) { pthread_setname_np(thread, name); }

bool ct_wait_until_ended(pid_t process, int milliseconds) {
    int descriptor = (int)syscall(SYS_pidfd_open, process, 0);
    // Too old a system for that: the caller waits without a limit.
    if (descriptor < 0) return true;
    struct pollfd ended = {.fd = descriptor, .events = POLLIN};
    int result;
    do {
        result = poll(&ended, 1, milliseconds);
    } while (result < 0 && errno == EINTR);
    close(descriptor);
    return result == 1;
}

int ct_wait_kind(int status, int *value) {
    if (WIFSTOPPED(status)) {
        *value = WSTOPSIG(status);
        return 2;
    }
    if (WIFSIGNALED(status)) {
        *value = WTERMSIG(status);
        return 1;
    }
    *value = WEXITSTATUS(status);
    return 0;
}
