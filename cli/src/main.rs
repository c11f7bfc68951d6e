//! The program `bluegrad`: calls the library.

fn main() -> std::process::ExitCode {
    bluegrad_cli::main()
}
