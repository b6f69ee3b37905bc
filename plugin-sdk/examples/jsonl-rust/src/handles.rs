// SPDX-License-Identifier: Apache-2.0

//! Handles: boxes whose address the host keeps.
//!
//! Lifetime: `close` of an instance takes along whatever was made from it and is still open, so the instance keeps a
//! list. Threads: all calls for an instance come one by one, except `cancel`, which sets a flag and no more.

use crate::abi::{Handle, INVALID_STATE};
use crate::host::{Call, Error, Outcome};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub struct Instance {
    pub folder: PathBuf,
    is_cancelled: AtomicBool,
    /// Open readers and loads by address, with the function that drops one.
    children: Mutex<HashMap<usize, unsafe fn(Handle)>>,
    /// Texts that the host reads until the next call.
    lent: Mutex<[String; 2]>,
}

impl Instance {
    pub fn new(folder: PathBuf) -> Instance {
        Instance {
            folder,
            is_cancelled: AtomicBool::new(false),
            children: Mutex::new(HashMap::new()),
            lent: Mutex::new(Default::default()),
        }
    }

    /// Keeps `texts` until the next time, and shows them where they stay.
    pub fn lend(&self, texts: [String; 2], show: impl FnOnce(&[String; 2])) {
        let mut lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner);
        *lent = texts;
        show(&lent);
    }

    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    pub fn go_on(&self, call: &Call) -> Outcome<()> {
        if self.is_cancelled.load(Ordering::Relaxed) || call.is_cancelled() {
            return Err(Error::cancelled());
        }
        Ok(())
    }

    fn children(&self) -> MutexGuard<'_, HashMap<usize, unsafe fn(Handle)>> {
        self.children.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn missing() -> Error {
    Error::new(INVALID_STATE, "jsonl", "The call came without its handle.")
}

pub fn hand_out(instance: Instance) -> Handle {
    Arc::into_raw(Arc::new(instance)) as Handle
}

/// # Safety
/// `handle` is NULL or came from `hand_out` and was not closed.
pub unsafe fn instance(handle: Handle) -> Outcome<Arc<Instance>> {
    let pointer = handle as *const Instance;
    if pointer.is_null() {
        return Err(missing());
    }
    unsafe {
        Arc::increment_strong_count(pointer);
        Ok(Arc::from_raw(pointer))
    }
}

/// # Safety
/// As `instance`; the handle and those made from it are gone afterwards.
pub unsafe fn close(handle: Handle) {
    if handle.is_null() {
        return;
    }
    let instance = unsafe { Arc::from_raw(handle as *const Instance) };
    let open: Vec<_> = instance.children().drain().collect();
    for (address, release) in open {
        unsafe { release(address as Handle) }
    }
}

struct Child<T> {
    instance: Arc<Instance>,
    value: T,
}

/// Makes a handle that belongs to `instance`.
pub fn adopt<T>(instance: &Arc<Instance>, value: T) -> Handle {
    let handle = Box::into_raw(Box::new(Child { instance: Arc::clone(instance), value })) as Handle;
    instance.children().insert(handle as usize, drop_child::<T>);
    handle
}

/// # Safety
/// `handle` is NULL or came from `adopt` with this very type, and was not released.
pub unsafe fn child<'a, T>(handle: Handle) -> Outcome<(&'a Arc<Instance>, &'a mut T)> {
    let child = unsafe { (handle as *mut Child<T>).as_mut() }.ok_or_else(missing)?;
    Ok((&child.instance, &mut child.value))
}

/// # Safety
/// As `child`; the handle is gone afterwards.
pub unsafe fn release<T>(handle: Handle) {
    if let Some(child) = unsafe { (handle as *mut Child<T>).as_ref() } {
        child.instance.children().remove(&(handle as usize));
        unsafe { drop_child::<T>(handle) }
    }
}

unsafe fn drop_child<T>(handle: Handle) {
    drop(unsafe { Box::from_raw(handle as *mut Child<T>) });
}
