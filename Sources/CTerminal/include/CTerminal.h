// What must happen in a signal handler or between fork and exit, where Swift code may not run:
// a handler may interrupt a thread that holds the allocator's or the runtime's locks. Hence a C
// target of its own, with state in its own files, rather than inline functions in a header.
#ifndef AUTERITY_CTERMINAL_H
#define AUTERITY_CTERMINAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

// The longest sequence of bytes that puts a terminal's modes back.
#define CT_RESTORE_LIMIT 512

// How to put a terminal back: what is sent to it, and its settings before and while it is ours.
struct ct_restoration {
    struct termios found;
    struct termios ours;
    size_t count;
    unsigned char bytes[CT_RESTORE_LIMIT];
};

// MARK: restore.c

// Says how the terminal on `line` is put back from now on, until `ct_restore_disarm`. The copies
// are descriptors of the standard output and error before they were redirected, or -1; `watcher`
// is the way to tell the watcher, or -1.
void ct_restore_arm(int line, const struct ct_restoration *_Nonnull how, int output_copy,
                    int error_copy, int watcher);
void ct_restore_disarm(void);
// Puts the terminal back if it is armed, from whichever thread or handler, once.
void ct_restore_now(void);
// Makes exit() and the crash signals put the terminal back, and a crash say `text` then (at most
// 511 bytes). With `chain`, whoever handled crashes before goes on with them.
void ct_restore_on_crash(int chain, const char *_Nonnull text);

// MARK: signals.c

// Opens the pipe that signals are written to, a byte each. Returns its reading end or -1.
int ct_signals_open(void);
// Sends a signal to the pipe from now on. A signal that was ignored stays so if `keep_ignored`.
// Returns 0, or 1 when it stays ignored, or -1.
int ct_signals_catch(int number, int keep_ignored);
// Gives a signal back to whoever handled it before.
void ct_signals_release(int number);
// Stops the process group as Ctrl-Z does.
void ct_signals_stop_group(void);
// Ends the process as a signal does when nobody handles it. Does not return.
void ct_signals_die(int number) __attribute__((noreturn));

// MARK: watcher.c

// Forks a process that waits for this one to end and then puts the terminal back. Only calls that
// are safe after fork are made in it. Returns its id, or -1; `*channel` is the way to talk to it.
pid_t ct_watcher_start(int *_Nonnull channel);
// Tells the watcher that the terminal is taken (how to put it back) or, with NULL, given back.
void ct_watcher_tell(int channel, const struct ct_restoration *_Nullable how);

// MARK: spawn.c

// Starts a program in a process group of its own, in the foreground of `terminal`, which becomes
// its standard input, output and error. Returns 0 or an error number.
int ct_spawn_foreground(const char *_Nonnull program, char *_Nullable const *_Nonnull arguments,
                        char *_Nullable const *_Nonnull environment, int terminal,
                        pid_t *_Nonnull process);
// Starts a program with `input` as its standard input and no output. Returns 0 or an error number.
int ct_spawn_quiet(const char *_Nonnull program, char *_Nullable const *_Nonnull arguments,
                   char *_Nullable const *_Nonnull environment, int input,
                   pid_t *_Nonnull process);
// Makes a process group the terminal's foreground group, also from the background.
int ct_set_foreground(int terminal, pid_t group);
// Writes out what has been printed so far, before the standard output leads elsewhere.
void ct_flush_output(void);
// The size of a terminal's window; 0 when it is known.
int ct_window_size(int terminal, int *_Nonnull columns, int *_Nonnull rows);
// Bytes that the terminal driver has not sent yet; 0 when it cannot tell.
int ct_unsent_bytes(int terminal);
// A file in memory that holds these bytes, to be read from the start; -1 on failure. The name
// is for debuggers.
int ct_memory_file(const char *_Nonnull name, const void *_Nullable bytes, size_t count);
// A counter that `poll` can wait for, to wake a thread; -1 on failure.
int ct_wake_descriptor(void);
// Names a thread, by at most 15 bytes, for `top` and debuggers.
void ct_name_thread(pthread_t thread, const char *_Nonnull name);
// Waits for a program of ours to end, without reaping it. False when the time is over.
bool ct_wait_until_ended(pid_t process, int milliseconds);
// How a program ended, from what waitpid said. 0: exited, 1: by a signal, 2: stopped.
int ct_wait_kind(int status, int *_Nonnull value);

#endif
