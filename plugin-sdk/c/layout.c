/* SPDX-License-Identifier: Apache-2.0
 *
 * layout.c: the offsets that compiled plugins rely on. A line here never changes within one major version; a new
 * field adds a line.
 */
#include "host/host.h"

#define AT(type, field, offset) \
    _Static_assert(offsetof(type, field) == (offset), #type "." #field " has moved")
#define SIZE(type, size) _Static_assert(sizeof(type) == (size), #type " has another size")

_Static_assert(sizeof(void *) == 8, "the ABI is defined for 64-bit machines");

SIZE(host_text, 16);
SIZE(host_bytes, 16);

AT(host_error_info, status, 4);
AT(host_error_info, retry, 8);
AT(host_error_info, http_status, 12);
AT(host_error_info, retry_after_ms, 16);
AT(host_error_info, subject, 24);
AT(host_error_info, message, 40);
AT(host_error_info, remedy, 56);
AT(host_error_info, detail, 72);
SIZE(host_error_info, 88);

AT(host_loss, kind, 4);
AT(host_loss, rows, 8);
AT(host_loss, table, 16);
AT(host_loss, code, 32);
AT(host_loss, path, 48);
AT(host_loss, note, 64);
SIZE(host_loss, 80);

AT(host_api, fail, 8);
AT(host_api, loss, 16);
AT(host_api, log, 24);
AT(host_api, cancelled, 32);
AT(host_api, last_error, 40);
AT(host_api, service, 48);
AT(host_api, row, 56);
SIZE(host_api, 64);

AT(host_option, type, 4);
AT(host_option, flags, 8);
AT(host_option, roles, 12);
AT(host_option, name, 16);
AT(host_option, default_value, 32);
AT(host_option, choices, 48);
AT(host_option, environment, 64);
AT(host_option, summary, 80);
AT(host_option, example, 96);
SIZE(host_option, 112);

AT(host_option_value, index, 4);
AT(host_option_value, integer, 8);
AT(host_option_value, number, 16);
AT(host_option_value, text, 24);
SIZE(host_option_value, 40);

AT(host_name_rule, flags, 4);
AT(host_name_rule, characters, 8);
AT(host_name_rule, first, 12);
AT(host_name_rule, extra, 16);
AT(host_name_rule, max_length, 32);
AT(host_name_rule, replacement, 36);
SIZE(host_name_rule, 40);

AT(host_limits, tables, 4);
AT(host_limits, abilities, 8);
AT(host_limits, kinds, 16);
AT(host_limits, names, 32);
AT(host_limits, name_count, 40);
AT(host_limits, name_stride, 44);
AT(host_limits, max_text, 48);
AT(host_limits, max_batch_rows, 56);
SIZE(host_limits, 64);

AT(host_open, value_count, 4);
AT(host_open, value_stride, 8);
AT(host_open, values, 16);
AT(host_open, scope, 24);
SIZE(host_open, 40);

AT(host_unit_ref, kind, 8);
AT(host_unit_ref, project, 24);
AT(host_unit_ref, id, 40);
SIZE(host_unit_ref, 56);

AT(host_batch, table, 8);
AT(host_batch, schema, 24);
AT(host_batch, array, 96);
AT(host_batch, cursor, 176);
SIZE(host_batch, 192);

AT(host_blob, fd, 4);
AT(host_blob, size, 8);
AT(host_blob, reader, 16);
SIZE(host_blob, 24);

AT(host_exporter, open, 8);
AT(host_exporter, check, 16);
AT(host_exporter, list, 24);
AT(host_exporter, paths, 32);
AT(host_exporter, read, 40);
AT(host_exporter, next, 48);
AT(host_exporter, close_reader, 56);
AT(host_exporter, blob, 64);
AT(host_exporter, read_bytes, 72);
AT(host_exporter, close_bytes, 80);
AT(host_exporter, cancel, 88);
AT(host_exporter, close, 96);
SIZE(host_exporter, 104);

AT(host_unit, archived, 4);
AT(host_unit, kind, 8);
AT(host_unit, project, 24);
AT(host_unit, id, 40);
AT(host_unit, name, 56);
AT(host_unit, group, 72);
AT(host_unit, state, 88);
AT(host_unit, owner, 104);
AT(host_unit, parent, 120);
AT(host_unit, fork_parent, 136);
AT(host_unit, parent_target, 152);
AT(host_unit, created_ms, 168);
AT(host_unit, started_ms, 176);
AT(host_unit, ended_ms, 184);
AT(host_unit, fork_step, 192);
AT(host_unit, fork_millionths, 200);
AT(host_unit, has_fork_step, 204);
AT(host_unit, revision, 208);
AT(host_unit, key, 224);
AT(host_unit, job, 240);
AT(host_unit, source, 256);
SIZE(host_unit, 272);

AT(host_found, state, 4);
AT(host_found, target, 8);
AT(host_found, url, 24);
AT(host_found, revision, 40);
AT(host_found, note, 56);
SIZE(host_found, 72);

AT(host_commit, points, 8);
AT(host_commit, fields, 16);
AT(host_commit, series, 24);
AT(host_commit, histograms, 32);
AT(host_commit, files, 40);
AT(host_commit, checksum, 48);
SIZE(host_commit, 64);

AT(host_target, id, 8);
AT(host_target, url, 24);
SIZE(host_target, 40);

AT(host_loader, open, 8);
AT(host_loader, check, 16);
AT(host_loader, limits, 24);
AT(host_loader, find, 32);
AT(host_loader, begin, 40);
AT(host_loader, write, 48);
AT(host_loader, flush, 56);
AT(host_loader, commit, 64);
AT(host_loader, end, 72);
AT(host_loader, cancel, 80);
AT(host_loader, close, 88);
SIZE(host_loader, 96);

AT(host_descriptor, roles, 4);
AT(host_descriptor, name, 8);
AT(host_descriptor, version, 24);
AT(host_descriptor, summary, 40);
AT(host_descriptor, vendor, 56);
AT(host_descriptor, licence, 72);
AT(host_descriptor, home, 88);
AT(host_descriptor, runtime, 104);
AT(host_descriptor, options, 120);
AT(host_descriptor, option_count, 128);
AT(host_descriptor, option_stride, 132);
AT(host_descriptor, limits, 136);
AT(host_descriptor, actions, 144);
AT(host_descriptor, action_count, 152);
AT(host_descriptor, action_stride, 156);
SIZE(host_descriptor, 160);

AT(host_result, type, 4);
AT(host_result, name, 8);
AT(host_result, summary, 24);
SIZE(host_result, 40);

AT(host_action, effect, 4);
AT(host_action, flags, 8);
AT(host_action, role, 12);
AT(host_action, name, 16);
AT(host_action, summary, 32);
AT(host_action, help, 48);
AT(host_action, parameters, 64);
AT(host_action, parameter_count, 72);
AT(host_action, parameter_stride, 76);
AT(host_action, results, 80);
AT(host_action, result_count, 88);
AT(host_action, result_stride, 92);
AT(host_action, function, 96);
SIZE(host_action, 104);

AT(host_plugin, magic, 4);
AT(host_plugin, abi_minor, 8);
AT(host_plugin, descriptor, 16);
AT(host_plugin, init, 24);
AT(host_plugin, exporter, 32);
AT(host_plugin, loader, 40);
SIZE(host_plugin, 48);

AT(host_http_request, flags, 4);
AT(host_http_request, method, 8);
AT(host_http_request, url, 24);
AT(host_http_request, headers, 40);
AT(host_http_request, header_count, 48);
AT(host_http_request, body, 56);
AT(host_http_request, blob, 72);
AT(host_http_request, blob_offset, 80);
AT(host_http_request, blob_length, 88);
AT(host_http_request, timeout_ms, 96);
AT(host_http_request, max_answer_bytes, 104);
SIZE(host_http_request, 112);

AT(host_http_answer, status, 4);
AT(host_http_answer, headers, 8);
AT(host_http_answer, header_count, 16);
AT(host_http_answer, body, 24);
AT(host_http_answer, ticket, 40);
AT(host_http_answer, tries, 48);
SIZE(host_http_answer, 56);
