// SPDX-License-Identifier: Apache-2.0

/// Tells of secrets that were typed where other users can see them.
enum ExposedSecrets {
    static func warn(_ names: [String]) {
        for name in names {
            Console.error(
                "host: warning: '\(name)' was typed on the command line, where ps shows it; use its variable")
        }
    }
}
