//! What the mouse does.

/// What the mouse did at a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The left button went down.
    Press,
    /// The left button is down and the mouse moves.
    Drag,
    /// The right button went down.
    RightPress,
    /// The right button is down and the mouse moves.
    RightDrag,
    /// The mouse moves without a button.
    Hover,
    /// A button went up.
    Release,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}
