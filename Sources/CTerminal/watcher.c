// The watcher: a process that outlives the console by a moment, to put the terminal back after
// SIGKILL, or after a crash so bad that no handler ran.
//
// The parent stays the shell's job, so Ctrl-Z, fg and the exit status work as ever; the child is
// the watcher. It waits on a pipe whose other end only the console holds: the end of the file is
// the end of the console, however that came. It executes nothing and allocates nothing: its pages
// stay shared with the console's. It keeps no terminal open, so that a closed window or a lost
// connection is gone for good; it opens it again when needed. It sits in a process group of its
// own and ignores every signal that can be ignored: what ends the console must not end it first.
#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct message {
    int taken;
    struct ct_restoration how;
};

// Messages are written whole or not at all, and so never need to be put together.
_Static_assert(sizeof(struct message) <= PIPE_BUF, "a message must fit an atomic pipe write");

// Where the terminal is, and who may have it when it is still for us to put back.
struct place {
    pid_t console;
    pid_t parent;
    pid_t session;
    // Open when it cannot be opened again: another user's device, no controlling terminal.
    int descriptor;
    char path[64];
};

enum { CHANNEL = 3, TERMINAL = 4, WRITE_PATIENCE_MS = 500 };

static int is_ours(int line, const struct place *place) {
    pid_t front = tcgetpgrp(line);
    if (front < 0) return errno == ENOTTY;
    return front == place->console || front == place->parent || front == place->session ||
           (kill(-front, 0) != 0 && errno == ESRCH);
}

static int same_settings(const struct termios *a, const struct termios *b) {
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
           a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

static void put_back(const struct ct_restoration *how, const struct place *place) {
    const int flags = O_RDWR | O_NOCTTY | O_NONBLOCK;
    int line = place->descriptor >= 0 ? TERMINAL : open("/dev/tty", flags);
    int by_path = 0;
    if (line < 0 && place->path[0] != 0) {
        // The console led the session (ssh -t, a window of its own) and took /dev/tty with it.
        line = open(place->path, flags);
        by_path = 1;
    }
    struct termios now;
    if (line < 0 || !is_ours(line, place) || tcgetattr(line, &now) != 0) return;
    // A shell that has set its own modes by now is right, and must not be disturbed; and a path
    // may name somebody else's new terminal.
    int untouched = same_settings(&now, &how->ours);
    if (by_path && !untouched) return;
    if (untouched) tcsetattr(line, TCSANOW, &how->found);
    size_t done = 0;
    while (done < how->count) {
        struct pollfd ready = {.fd = line, .events = POLLOUT};
        int polled = poll(&ready, 1, WRITE_PATIENCE_MS);
        if (polled <= 0 || (ready.revents & (POLLERR | POLLHUP))) return;
        ssize_t n = write(line, how->bytes + done, how->count - done);
        if (n < 0 && errno != EINTR && errno != EAGAIN) return;
        if (n > 0) done += (size_t)n;
    }
}

static void leave_everything(int channel, int terminal) {
    int null = open("/dev/null", O_RDWR);
    // Moved above the numbers they will get, so that no copy overwrites the other.
    int high_channel = fcntl(channel, F_DUPFD, 16);
    int high_terminal = terminal < 0 ? -1 : fcntl(terminal, F_DUPFD, 16);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    dup2(high_channel, CHANNEL);
    if (high_terminal >= 0) dup2(high_terminal, TERMINAL);
    unsigned int first = high_terminal >= 0 ? TERMINAL + 1 : CHANNEL + 1;
    if (syscall(SYS_close_range, first, ~0U, 0) != 0) {
        for (int fd = (int)first; fd < 1024; fd++) close(fd);
    }
    if (chdir("/") != 0) return;
}

static void watch(int channel, const struct place *place) {
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    for (int number = 1; number < NSIG; number++) sigaction(number, &ignore, NULL);
    setpgid(0, 0);
    prctl(PR_SET_NAME, "auterity-tty", 0, 0, 0);
    leave_everything(channel, place->descriptor);

    struct message last;
    struct message next;
    last.taken = 0;
    for (;;) {
        ssize_t n = read(CHANNEL, &next, sizeof next);
        if (n < 0 && errno == EINTR) continue;
        if (n != (ssize_t)sizeof next) break;
        last = next;
    }
    if (last.taken) put_back(&last.how, place);
    _exit(0);
}

pid_t ct_watcher_start(int *channel) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    struct place place = {.console = getpgrp(), .parent = getpgid(getppid()), .session = getsid(0)};
    if (ttyname_r(STDIN_FILENO, place.path, sizeof place.path) != 0) place.path[0] = 0;
    place.descriptor = tcgetpgrp(STDIN_FILENO) < 0 ? STDIN_FILENO : -1;
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        watch(ends[0], &place);
    }
    close(ends[0]);
    if (child < 0) {
        close(ends[1]);
        return -1;
    }
    *channel = ends[1];
    return child;
}

void ct_watcher_tell(int channel, const struct ct_restoration *how) {
    struct message message;
    memset(&message, 0, sizeof message);
    message.taken = how != NULL;
    if (how != NULL) message.how = *how;
    // A watcher that somebody killed must not take the console with it.
    sigset_t broken;
    sigset_t before;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    if (write(channel, &message, sizeof message) < 0 && errno == EPIPE) {
        struct timespec none = {0, 0};
        sigtimedwait(&broken, NULL, &none);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
