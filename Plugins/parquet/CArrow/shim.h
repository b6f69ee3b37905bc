/* SPDX-License-Identifier: Apache-2.0
 * Empty: Arrow's headers are C++ and found through pkg-config; this target brings their flags and libraries. */
