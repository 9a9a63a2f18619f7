//! Models of the lease.
