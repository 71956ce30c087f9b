// The part of ncurses that Swift cannot import by itself: macros, variadic functions, and C
// globals, which Swift 6 refuses. Every function here belongs to the terminal's own thread.
#ifndef AUTERITY_CNCURSES_SHIM_H
#define AUTERITY_CNCURSES_SHIM_H

#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

static inline WINDOW *_Nullable cn_stdscr(void) { return stdscr; }
static inline WINDOW *_Nullable cn_curscr(void) { return curscr; }
static inline int cn_colors(void) { return COLORS; }
static inline int cn_color_pairs(void) { return COLOR_PAIRS; }

static inline attr_t cn_bold(void) { return A_BOLD; }
static inline attr_t cn_dim(void) { return A_DIM; }
static inline attr_t cn_italic(void) { return A_ITALIC; }
static inline attr_t cn_underline(void) { return A_UNDERLINE; }
static inline attr_t cn_reverse(void) { return A_REVERSE; }

// A pair above 255 only gets through the `opts` pointer of attr_set.
static inline int cn_style(attr_t attributes, int pair) {
    return attr_set(attributes, 0, &pair);
}

static inline int cn_add_text(int y, int x, const char *_Nonnull text, int count) {
    return mvaddnstr(y, x, text, count);
}

static inline int cn_move(int y, int x) { return move(y, x); }
static inline int cn_erase(void) { return erase(); }
static inline int cn_prepare_refresh(void) { return wnoutrefresh(stdscr); }
static inline int cn_leave_cursor(int leave) { return leaveok(stdscr, leave != 0); }
static inline int cn_clear_all(void) { return clearok(curscr, TRUE); }

// 1: found, 0: unknown terminal, -1: no terminal database.
static inline int cn_find_terminal(const char *_Nonnull name) {
    int status = -1;
    TERMINAL *before = cur_term;
    if (setupterm((char *)name, STDOUT_FILENO, &status) == OK) {
        TERMINAL *found = cur_term;
        set_curterm(before);
        del_curterm(found);
        return 1;
    }
    return status < 0 ? -1 : 0;
}

// The number of colours that a terminal is described with; -1 without a description.
static inline int cn_described_colors(const char *_Nonnull name) {
    int status = -1;
    TERMINAL *before = cur_term;
    if (setupterm((char *)name, STDOUT_FILENO, &status) != OK) return -1;
    int colors = tigetnum("colors");
    TERMINAL *found = cur_term;
    set_curterm(before);
    del_curterm(found);
    return colors < 0 ? 0 : colors;
}

// The capabilities of the terminal in use; absent and cancelled ones are NULL or 0.
static inline const char *_Nullable cn_string(const char *_Nonnull capability) {
    const char *value = tigetstr((char *)capability);
    return value == (const char *)-1 ? NULL : value;
}
static inline int cn_number(const char *_Nonnull capability) {
    return tigetnum((char *)capability);
}
static inline int cn_flag(const char *_Nonnull capability) {
    return tigetflag((char *)capability) == 1;
}

// The sequence that moves the cursor, or NULL. It lives until the next call.
static inline const char *_Nullable cn_cursor_move(int row, int column) {
    const char *move = cn_string("cup");
    return move == NULL ? NULL : tiparm(move, row, column);
}

static inline int cn_wcwidth(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

#endif
