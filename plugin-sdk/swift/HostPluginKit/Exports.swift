// SPDX-License-Identifier: Apache-2.0

// A plugin imports the kit alone: records, errors and limits come with it.
@_exported public import HostRecords
