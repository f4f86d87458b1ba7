//! What libraries read from the environment before anything of ours runs.

/// Begins the program anew in its own place, with `name` set to `value`. Returns if it is set, whether by this or by whoever
/// started the program, and if the program cannot be begun anew: it then runs without.
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
    // Returns only if it failed.
    let _ = anew.args(arguments).exec();
}

/// Does nothing: programs cannot be replaced here.
#[cfg(not(unix))]
pub fn begin_with(_: &str, _: &str) {}
