//! The environment variables that the program sets for libraries that read them before `main`.

use super::NOBODY;
use super::program::Program;

#[tokio::test]
async fn it_begins_anew_with_what_the_allocator_reads_and_with_its_arguments() {
    let gateway = Program::new()
        .with_file("config/other.toml", NOBODY)
        .start("serve --config config/other.toml --listen 127.0.0.1:0");
    let variables = gateway.environment();
    assert!(variables.contains(&"MIMALLOC_PURGE_DELAY=1".to_owned()), "{variables:?}");
    assert_eq!(gateway.terminate().code, 0);
}
