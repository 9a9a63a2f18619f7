//! Several streams' answers to one drain.

use super::*;

/// The one that the caller must know is the answer, whichever came first; what was left is added up.
#[test]
fn the_worse_of_two_answers_is_the_answer() {
    use Drained::{Closed, DeviceLost, Drained as Done, Interrupted};
    let late = |frames_left| Drained::DeadlineExceeded { frames_left };
    let from_best = [Done, Interrupted, Closed, late(3), DeviceLost];
    for (rank, one) in from_best.into_iter().enumerate() {
        for other in &from_best[rank + 1..] {
            assert_eq!((one.worse(*other), other.worse(one)), (*other, *other));
        }
        let twice = if one == late(3) { late(6) } else { one };
        assert_eq!(one.worse(one), twice);
    }
    assert_eq!((late(3).worse(late(5)), late(5).worse(late(3))), (late(8), late(8)));
}
