//! A struct as a C program has it: words of any value.

use std::marker::PhantomData;
use std::mem::size_of;

/// The words of a `T`, zeros at first.
pub(super) struct Words<T> {
    /// Of eight bytes, for the alignment.
    all: Vec<u64>,
    of: PhantomData<T>,
}

impl<T> Clone for Words<T> {
    fn clone(&self) -> Self {
        Self { all: self.all.clone(), of: PhantomData }
    }
}

impl<T> PartialEq for Words<T> {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl<T> Words<T> {
    pub(super) fn zeroed() -> Self {
        Self { all: vec![0; size_of::<T>().div_ceil(8)], of: PhantomData }
    }

    pub(super) fn pointer(&self) -> *const T {
        self.all.as_ptr().cast()
    }

    pub(super) fn pointer_mut(&mut self) -> *mut T {
        self.all.as_mut_ptr().cast()
    }

    pub(super) fn words(&self) -> &[u32] {
        &bytemuck::must_cast_slice(&self.all)[..size_of::<T>() / 4]
    }

    pub(super) fn words_mut(&mut self) -> &mut [u32] {
        &mut bytemuck::must_cast_slice_mut(&mut self.all)[..size_of::<T>() / 4]
    }

    /// The word at an offset of `offset_of!`.
    pub(super) fn at(&self, offset: usize) -> u32 {
        self.words()[offset / 4]
    }

    pub(super) fn at_mut(&mut self, offset: usize) -> &mut u32 {
        &mut self.words_mut()[offset / 4]
    }
}
