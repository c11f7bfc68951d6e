//! The golden cases on bare metal: a line each with level, preset, width, height, seed, steps, hash, instructions and bytes of stack.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod machine {
    use bluegrad::{Line, SimdLevel};
    use bluegrad_cases::{COUNT, Case, MEMORY};
    use bluegrad_machine::{exit, instructions, paint, println, start, used};
    use static_cell::ConstStaticCell;

    static BLOCK: ConstStaticCell<[Line; MEMORY / 64]> = ConstStaticCell::new([Line::ZERO; MEMORY / 64]);

    #[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
    #[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
    fn main() -> ! {
        start();
        let memory = Line::as_bytes_mut(BLOCK.take());
        for index in 0..COUNT {
            paint();
            let before = instructions();
            match Case::new(index).run(SimdLevel::Auto, memory) {
                Ok(outcome) => println!("{outcome} {} {}", instructions() - before, used()),
                Err(error) => {
                    println!("case {index}: {error}");
                    exit(1);
                }
            }
        }
        exit(0)
    }
}

/// There is nothing to do where there is an operating system: `hosted` does it.
#[cfg(not(target_os = "none"))]
fn main() {}
