//! What AddressSanitizer must report, and what it must not: run before anything is made of its silence.

use std::{env, hint::black_box, mem};

fn main() {
    let boxed = black_box(Box::new([7_u8; 100]));
    match env::args().nth(1).as_deref() {
        Some("sound") => drop(boxed),
        Some("leak") => mem::forget(boxed),
        Some("use-after-free") => {
            let pointer = black_box(&raw const boxed[3]);
            drop(boxed);
            // SAFETY: none; it is what is to be seen.
            println!("{}", unsafe { *pointer });
        }
        _ => panic!("sound, leak or use-after-free?"),
    }
}
