/* SPDX-License-Identifier: Apache-2.0
 *
 * kit/kit.h: all helpers for plugins in C and C++17. They are inline code of the plugin, no part of the ABI: a plugin
 * can do without them, and the host never knows.
 */
#ifndef HOST_KIT_H
#define HOST_KIT_H

#include "actions.h"
#include "arrow_build.h"
#include "arrow_read.h"
#include "error.h"
#include "options.h"
#include "text.h"

#endif
