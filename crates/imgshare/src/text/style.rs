//! What colours mean. Everything is clear without them.

use anstyle::{AnsiColor, Style};

/// Something failed.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Something is added, or went well.
pub(crate) const ADD: Style = AnsiColor::Green.on_default();
/// Something is removed.
pub(crate) const REMOVE: Style = AnsiColor::Red.on_default();
/// Something is blocked or left alone.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
/// An action that would help.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();
/// Names of things.
pub(crate) const BOLD: Style = Style::new().bold();
/// Beside the point.
pub(crate) const DIM: Style = Style::new().dimmed();
