//! The exit codes of the commands that compare and change.

/// How a command ends. An interrupted run is the caller's to tell (130).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything is as the config says.
    Done,
    /// Something failed, was blocked or could not be read, and nothing was changed.
    Error,
    /// A plan that would change something, or would if it were not blocked.
    Differs,
    /// Some changes were made, and something failed, was blocked or could not be read.
    Partly,
}

impl ExitStatus {
    /// The code that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Differs => 2,
            Self::Partly => 3,
        }
    }
}
