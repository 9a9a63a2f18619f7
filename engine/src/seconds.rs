//! Durations as what JSON's readers expect of one: a number of seconds.

use serde::{Serialize, Serializer};
use std::time::Duration;

pub(crate) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    duration.as_secs_f64().serialize(serializer)
}

/// The same where there may be none.
pub(crate) mod option {
    use super::{Duration, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.as_ref().map(Duration::as_secs_f64).serialize(serializer)
    }
}
