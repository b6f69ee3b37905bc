/* SPDX-License-Identifier: Apache-2.0
 *
 * libffi's basic types are variables whose addresses count; Swift has no way to name the address of one.
 */
#ifndef HOST_CFFI_SHIM_H
#define HOST_CFFI_SHIM_H

#include <ffi.h>

static inline ffi_type *host_ffi_pointer(void) { return &ffi_type_pointer; }
static inline ffi_type *host_ffi_int32(void) { return &ffi_type_sint32; }
static inline ffi_type *host_ffi_int64(void) { return &ffi_type_sint64; }
static inline ffi_type *host_ffi_double(void) { return &ffi_type_double; }

#endif
