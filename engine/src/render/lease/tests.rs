//! The lease, state by state; `models` has it under every interleaving.

use super::*;

/// A lease whose callbacks are of the third generation.
fn third() -> (Lease<u32>, Seized) {
    let lease = Lease::new(0);
    for generation in 1..=2 {
        assert_eq!(lease.seize(), Seizure::Taken);
        assert_eq!(lease.release(), Some(generation));
        assert_eq!(lease.generation(), generation);
    }
    (lease, Seized::only())
}

fn add(value: &mut u32) -> u32 {
    *value += 1;
    *value
}

/// Callbacks of its generation get in, one after the other; those before and after do not.
#[test]
fn only_callbacks_of_its_generation_get_in() {
    let (lease, _) = third();
    assert_eq!([2, 2].map(|generation| lease.with(generation, add)), [Some(1), Some(2)]);
    assert_eq!([0, 1, 3].map(|generation| lease.with(generation, add)), [None; 3]);
    assert_eq!(lease.with(2, |value| lease.with(2, add).unwrap_or(*value)), Some(2), "one at a time");
}

/// Seized, it is control's however often it asks, and no callback gets in; released, it is the next generation's.
#[test]
fn what_is_seized_is_controls_until_it_is_released() {
    let (lease, mut proof) = third();
    assert_eq!((lease.seized(&mut proof, add), lease.release()), (None, None), "nothing was seized");
    assert_eq!([lease.seize(), lease.seize()], [Seizure::Taken; 2]);
    assert_eq!((lease.with(2, add), lease.seized(&mut proof, add)), (None, Some(1)));
    assert_eq!(lease.release(), Some(3));
    assert_eq!((lease.with(2, add), lease.with(3, add)), (None, Some(2)));
    assert_eq!(lease.seized(&mut proof, add), None);
}

/// A callback that is inside keeps it until it comes back; then it is control's, and none comes after it.
#[test]
fn a_callback_inside_is_the_last() {
    let (lease, mut proof) = third();
    let inside = lease.with(2, |value| {
        assert_eq!([lease.seize(), lease.seize()], [Seizure::Inside; 2]);
        assert_eq!((lease.release(), lease.seized(&mut proof, add)), (None, None));
        assert_eq!(lease.with(2, add), None);
        add(value)
    });
    assert_eq!(inside, Some(1));
    assert_eq!(lease.generation(), 2);
    assert_eq!((lease.with(2, add), lease.seize()), (None, Seizure::Taken));
    assert_eq!((lease.seized(&mut proof, add), lease.release()), (Some(2), Some(3)));
    assert_eq!((lease.with(2, add), lease.with(3, add)), (None, Some(3)));
}
