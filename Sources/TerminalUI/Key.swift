/// A key press, a mouse action or a paste, as a screen receives it.
public enum Key: Hashable, Sendable {
    /// A printable character, with shift already applied (`A`, `?`, `ü`).
    case character(Character)
    /// Control with a letter, lower case: `control("c")`. Enter, Tab, Esc and Backspace have
    /// cases of their own, although terminals send them as control characters.
    case control(Character)
    /// Alt (or Esc quickly before) with a character.
    case alt(Character)
    case enter, tab, backTab, escape, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 to F12.
    case function(Int)
    case mouse(MouseAction, Point)
    /// Text pasted as one piece (bracketed paste). It is data, never a command.
    case paste(String)
}

/// What the mouse did.
public enum MouseAction: Hashable, Sendable {
    case press, release, wheelUp, wheelDown
}
