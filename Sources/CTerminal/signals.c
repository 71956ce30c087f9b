// Signals become bytes in a pipe that the terminal's thread polls. A pipe rather than signalfd:
// it needs no signal mask in every thread, and a mask would be inherited by started programs.
#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int pipe_ends[2] = {-1, -1};
static struct sigaction previous[NSIG];
static unsigned char caught[NSIG];

static void forward(int number) {
    int saved_errno = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe holds thousands of signals already; one more tells nothing new.
    ssize_t ignored = write(pipe_ends[1], &byte, 1);
    (void)ignored;
    errno = saved_errno;
}

int ct_signals_open(void) {
    if (pipe_ends[0] < 0 && pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    return pipe_ends[0];
}

static void install(int number) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = forward;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

int ct_signals_catch(int number, int keep_ignored) {
    if (number <= 0 || number >= NSIG) return -1;
    if (!caught[number]) {
        if (sigaction(number, NULL, &previous[number]) != 0) return -1;
        if (keep_ignored && previous[number].sa_handler == SIG_IGN) return 1;
        caught[number] = 1;
    }
    install(number);
    return 0;
}

void ct_signals_release(int number) {
    if (number <= 0 || number >= NSIG || !caught[number]) return;
    sigaction(number, &previous[number], NULL);
    caught[number] = 0;
}

void ct_signals_stop_group(void) {
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &standard, NULL);
    kill(0, SIGTSTP);
}

void ct_signals_die(int number) {
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigaction(number, &standard, NULL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    kill(getpid(), number);
    _exit(128 + number);
}
