// SPDX-License-Identifier: Apache-2.0

internal import HostPluginKit

/// The tags by which a run is known again, and which tell where it came from.
enum RunMark {
    static let key = "host.key"
    static let job = "host.job"
    static let incomplete = "host.incomplete"
    static let revision = "host.revision"
    static let completed = "host.completed"
    static let parent = "mlflow.parentRunId"
    static let note = "mlflow.note.content"
    static let name = "mlflow.runName"

    /// Columns of MLflow's schema; SQLite does not enforce them, PostgreSQL and MySQL do.
    static let maxName = 250
    static let maxUser = 256

    /// Set at the start. `since`: when this load began, in the incomplete mark.
    static func tags(_ unit: UnitInfo, since: String) -> [(name: String, value: String)] {
        var tags: [(name: String, value: String)] = [
            (key, unit.key), (incomplete, since), (job, unit.job), ("host.source", unit.source),
            ("host.source.project", unit.ref.project), ("host.source.run_id", unit.ref.id),
        ]
        if let owner = unit.owner { tags.append(("mlflow.user", owner)) }
        if let target = unit.parentTarget { tags.append((parent, target)) }
        if let parent = unit.parent { tags.append(("host.source.parent", parent)) }
        if let parent = unit.forkParent { tags.append(("host.fork.parent", parent)) }
        if let step = unit.forkStep { tags.append(("host.fork.step", step.description)) }
        if unit.isArchived { tags.append(("host.source.archived", "true")) }
        return tags.filter { !$0.value.isEmpty }.map { ($0.name, stored($0.value)) }
    }

    /// A value as the tag holds it.
    static func stored(_ value: String) -> String { value.replacingNUL.cut(to: 5000) }

    /// A tag of the source that would take the place of one of ours, or rename the run.
    static func isReserved(_ name: String, hasParent: Bool) -> Bool {
        name.hasPrefix("host.") || name == self.name || name == "mlflow.user" || hasParent && name == parent
    }

    static func runName(_ unit: UnitInfo) -> String {
        unit.label.replacingNUL.cut(to: maxName)
    }

    static func write(_ tags: [(name: String, value: String)], to body: inout JSONWriter) {
        body.key("tags")
        body.beginArray()
        for tag in tags {
            body.beginObject()
            body.field("key", tag.name)
            body.field("value", tag.value)
            body.endObject()
        }
        body.endArray()
    }
}
