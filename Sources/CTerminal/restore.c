// Putting the terminal back when the program crashes. Everything is prepared beforehand, so that
// the handler only writes bytes, sets attributes and copies descriptors: all safe in a handler.
#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A terminal that takes nothing for this long is not waited for: the process must end.
static const int WRITE_PATIENCE_MS = 300;

static struct {
    int line;
    int output_copy;
    int error_copy;
    int watcher;
    pid_t owner;
    struct ct_restoration how;
} armed_state;

static atomic_int armed = 0;
static struct sigaction previous[NSIG];
static int chains = 0;
static char notice[512];

void ct_restore_arm(int line, const struct ct_restoration *how, int output_copy, int error_copy,
                    int watcher) {
    atomic_store(&armed, 0);
    armed_state.line = line;
    armed_state.how = *how;
    armed_state.output_copy = output_copy;
    armed_state.error_copy = error_copy;
    armed_state.watcher = watcher;
    armed_state.owner = getpid();
    atomic_store(&armed, 1);
}

void ct_restore_disarm(void) { atomic_store(&armed, 0); }

static void write_all(int line, const unsigned char *bytes, size_t count) {
    size_t done = 0;
    while (done < count) {
        struct pollfd ready = {.fd = line, .events = POLLOUT};
        int polled = poll(&ready, 1, WRITE_PATIENCE_MS);
        if (polled <= 0 || (ready.revents & (POLLERR | POLLHUP))) return;
        ssize_t n = write(line, bytes + done, count - done);
        if (n < 0 && errno != EINTR && errno != EAGAIN) return;
        if (n > 0) done += (size_t)n;
    }
}

void ct_restore_now(void) {
    if (!atomic_exchange(&armed, 0) || armed_state.owner != getpid()) return;
    int saved_errno = errno;
    write_all(armed_state.line, armed_state.how.bytes, armed_state.how.count);
    tcsetattr(armed_state.line, TCSANOW, &armed_state.how.found);
    if (armed_state.output_copy >= 0) dup2(armed_state.output_copy, STDOUT_FILENO);
    if (armed_state.error_copy >= 0) dup2(armed_state.error_copy, STDERR_FILENO);
    // Last, so that it steps in if this did not get so far; and never puts it back twice.
    if (armed_state.watcher >= 0) ct_watcher_tell(armed_state.watcher, NULL);
    errno = saved_errno;
}

static void crashed(int number, siginfo_t *info, void *context) {
    (void)context;
    int was_armed = atomic_load(&armed);
    ct_restore_now();
    if (was_armed) {
        ssize_t ignored = write(STDERR_FILENO, notice, strlen(notice));
        (void)ignored;
    }
    // The system ends the process, or first whoever handled this before: a backtracer.
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigaction(number, chains ? &previous[number] : &standard, NULL);
    // A fault happens again on return; a signal that was sent must be sent again.
    if (info->si_code <= 0) raise(number);
}

void ct_restore_on_crash(int chain, const char *text) {
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    static atomic_int installed = 0;
    if (atomic_exchange(&installed, 1)) return;
    chains = chain;
    strncpy(notice, text, sizeof notice - 1);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = crashed;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sigaction(numbers[i], &action, &previous[numbers[i]]);
    }
    atexit(ct_restore_now);
}
