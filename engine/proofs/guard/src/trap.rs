//! Syscall User Dispatch: in the scope every system call of the thread raises SIGSYS in place of being made.
//!
//! The kernel looks at one byte of the thread's before each call; so entering and leaving the scope is a store, and
//! nothing is asked of the system for it but the first time.

#![allow(unsafe_code, reason = "prctl, sigaction, and a byte that the kernel reads")]

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
compile_error!("the system call trap is for Linux on x86-64");

use crate::violation;
use std::{
    cell::{Cell, UnsafeCell},
    fs, io, mem, ptr,
};

const PR_SET_SYSCALL_USER_DISPATCH: libc::c_int = 59;
const PR_SYS_DISPATCH_OFF: libc::c_ulong = 0;
const PR_SYS_DISPATCH_ON: libc::c_ulong = 1;

/// The system's clocks that the C library reads in user space.
const CLOCKS: [&str; 3] = ["tsc", "kvm-clock", "hyperv_clocksource_tsc_page"];
const CLOCK: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";

const ALLOW: u8 = 0;
const BLOCK: u8 = 1;

/// Where `si_syscall` lies in a `siginfo_t` for SIGSYS: after three ints, padding and an address.
const SYSCALL_NUMBER: usize = 24;

thread_local! {
    static SELECTOR: UnsafeCell<u8> = const { UnsafeCell::new(ALLOW) };
    static ARMED: Cell<bool> = const { Cell::new(false) };
}

fn select(what: u8) {
    // SAFETY: the byte is this thread's; the kernel only reads it, whenever it likes: hence volatile.
    SELECTOR.with(|selector| unsafe { selector.get().write_volatile(what) });
}

/// As [`crate::supported`].
pub(crate) fn supported() -> io::Result<()> {
    if ARMED.get() {
        return Ok(());
    }
    // SAFETY: switching off what is not on changes nothing, and a kernel that does not know it refuses.
    let known =
        unsafe { libc::prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0_usize, 0_usize, 0_usize) };
    if known != 0 {
        return Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "the kernel has no Syscall User Dispatch (Linux 5.11)",
        ));
    }
    let clock = fs::read_to_string(CLOCK)?;
    if CLOCKS.contains(&clock.trim()) {
        return Ok(());
    }
    let what = format!("reading the clock {} is a system call", clock.trim());
    Err(io::Error::new(io::ErrorKind::Unsupported, what))
}

pub(crate) fn on() {
    if !ARMED.replace(true) {
        arm();
    }
    select(BLOCK);
}

pub(crate) fn off() {
    select(ALLOW);
}

/// Has the kernel look at this thread's byte from now on.
fn arm() {
    // SAFETY: a zeroed `sigaction` is a valid one; the handler has the signature that SA_SIGINFO asks for.
    let taken = unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = on_system_call as *const () as usize;
        // On the thread's own stack: a backtrace needs more than the alternative one has.
        action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER;
        libc::sigaction(libc::SIGSYS, &action, ptr::null_mut())
    };
    assert_eq!(taken, 0, "SIGSYS can be handled: {}", io::Error::last_os_error());
    // SAFETY: the byte lives as long as the thread, as does its dispatch; no range of code is exempt.
    let armed = SELECTOR.with(|selector| unsafe {
        libc::prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0_usize, 0_usize, selector.get())
    });
    assert_eq!(armed, 0, "Linux 5.11 has Syscall User Dispatch: {}", io::Error::last_os_error());
}

extern "C" fn on_system_call(_signal: libc::c_int, info: *mut libc::siginfo_t, _context: *mut libc::c_void) {
    select(ALLOW);
    // SAFETY: the kernel hands over a whole `siginfo_t`, of which this is the number of the call for SIGSYS.
    let number = unsafe { info.cast::<u8>().add(SYSCALL_NUMBER).cast::<i32>().read() };
    // Not what a signal handler may do, had the thread been anywhere: it was in the scope, and goes nowhere else.
    violation::report(format_args!("system call {number}"))
}
