/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin.h: the one symbol of a plugin, and how it describes itself.
 *
 * `host_plugin_v0` is a function without parameters that returns a constant table. It must not allocate, open
 * files, start threads or take longer than 100 ms; before `init` the host reads the descriptor and nothing else.
 * Everything the descriptor points to is valid for ever: libraries are never unloaded.
 */
#ifndef HOST_PLUGIN_H
#define HOST_PLUGIN_H

#include "action.h"
#include "exporter.h"
#include "limits.h"
#include "loader.h"
#include "option.h"

typedef struct host_descriptor {
    uint32_t struct_size;
    uint32_t roles;           /* HOST_ROLE_EXPORTER | HOST_ROLE_LOADER */
    host_text name;           /* what users type: lower-case letters, digits, '-' */
    host_text version;
    host_text summary;
    host_text vendor;
    host_text licence;
    host_text home;
    host_text runtime;        /* c | cxx | rust | swift | go | other */
    const host_option *options;
    uint32_t option_count;
    uint32_t option_stride;   /* sizeof(host_option) as the plugin knows it */
    const host_limits *limits; /* of the loader role; else NULL */
    const host_action *actions; /* @since 0.2 */
    uint32_t action_count;
    uint32_t action_stride;   /* sizeof(host_action) as the plugin knows it */
} host_descriptor;

typedef struct host_plugin {
    uint32_t struct_size;
    uint32_t magic;           /* HOST_MAGIC */
    uint32_t abi_minor;
    uint32_t reserved;
    const host_descriptor *descriptor;

    /* Gives the host's table, which is valid for ever. Called before any other function, once or more.
     * [one-thread] @since 0.1 */
    host_status (*init)(const host_api *api);

    const host_exporter *exporter; /* or NULL */
    const host_loader *loader;     /* or NULL */
} host_plugin;

typedef const host_plugin *(*host_plugin_entry)(void);

#define HOST_PLUGIN_SYMBOL "host_plugin_v0"

/* The plugin's table, the same each time. [any-thread] @since 0.1 */
HOST_EXPORT const host_plugin *host_plugin_v0(void);

#endif
