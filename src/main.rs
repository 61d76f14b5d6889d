//! The `coalmine` command.

fn main() -> std::process::ExitCode {
    coalmine::cli::main()
}
