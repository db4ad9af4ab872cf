//! Simulated clouds with their real wire formats, signatures and limits
