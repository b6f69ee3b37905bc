// SPDX-License-Identifier: Apache-2.0

internal import HostRecords

/// The settings that make a job the job it is; with others, what is already in the target would not fit.
///
/// Values are stored and shown as they are: the caller has taken the secrets out.
package struct JobIdentity: Sendable, Equatable {
    package var settings: [String: String]

    package init(_ settings: [String: String]) {
        self.settings = settings
    }

    /// `options` are those that change what arrives, as the step multiplier does.
    package init(from: String, to: [String], selection: [String: String], options: [String: String] = [:]) {
        settings = ["from": from]
        for (index, target) in to.enumerated() { settings[index == 0 ? "to" : "to.\(index + 1)"] = target }
        for (name, value) in selection { settings["selection.\(name)"] = value }
        for (name, value) in options { settings["option.\(name)"] = value }
    }

    /// One sentence for each setting that is not as `stored` has it, sorted by name.
    package func differences(from stored: JobIdentity) -> [String] {
        Set(settings.keys).union(stored.settings.keys).sorted().compactMap { name in
            switch (stored.settings[name], settings[name]) {
            case (let was?, let now?) where !was.utf8.elementsEqual(now.utf8):
                "\(name) was \"\(was)\" and is now \"\(now)\""
            case (let was?, nil): "\(name) was \"\(was)\" and is now absent"
            case (nil, let now?): "\(name) was absent and is now \"\(now)\""
            default: nil
            }
        }
    }

    func check(against stored: JobIdentity, job folder: String) throws(HostError) {
        let differences = differences(from: stored)
        if differences.isEmpty { return }
        throw HostError(
            .invalidOption, "this job was begun with other settings: \(differences.joined(separator: "; ")).",
            subject: folder,
            remedy: "Give the same settings, begin anew with --fresh, or give the new job a name with --job.")
    }
}
