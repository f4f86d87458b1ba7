//! Environment variables that libraries read before `main`.

/// Executes the program again with `name` set to `value`. Returns if the variable is already set, or if the program
/// cannot be executed again; it then runs without it.
#[cfg(unix)]
pub fn begin_with(name: &str, value: &str) {
    use std::env;
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    if env::var_os(name).is_some() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut arguments = env::args_os();
    let mut anew = Command::new(program);
    anew.env(name, value);
    if let Some(called) = arguments.next() {
        anew.arg0(called);
    }
    // Returns only on failure.
    let _ = anew.args(arguments).exec();
}

/// Does nothing: this platform cannot replace a process.
#[cfg(not(unix))]
pub fn begin_with(_: &str, _: &str) {}
