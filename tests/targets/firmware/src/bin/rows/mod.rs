//! What each program of rows does: the picture, instructions a pixel, stack.

#[cfg(target_os = "none")]
use bluegrad_machine::{exit, instructions, paint, println, start, used};

#[cfg(target_os = "none")]
#[cortex_m_rt::entry]
fn main() -> ! {
    start();
    paint();
    match crate::picture(instructions, &mut |text| println!("{text}")) {
        Ok(each) => {
            println!("stack {}", used());
            println!("instructions {each}");
            exit(0)
        }
        Err(_) => exit(1),
    }
}
