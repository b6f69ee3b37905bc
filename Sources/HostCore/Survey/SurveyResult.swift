// SPDX-License-Identifier: Apache-2.0

package import HostRecords

/// What a source holds, by project and kind of unit, both in the order of the source's listing.
package struct SurveyResult: Sendable {
    package struct Unit: Sendable {
        package var key: UnitKey
        package var name: String?
        package var records: Int64

        package init(key: UnitKey, name: String?, records: Int64) {
            self.key = key
            self.name = name
            self.records = records
        }
    }

    package struct Kind: Sendable {
        package var kind: String
        package var units: [Unit] = []
        package var tally = SurveyTally()

        package init(kind: String) { self.kind = kind }
    }

    package struct Project: Sendable {
        package var project: String
        package var kinds: [Kind] = []

        package init(project: String) { self.project = project }

        /// Of all kinds together.
        package var tally: SurveyTally { kinds.reduce(into: SurveyTally()) { $0.add($1.tally) } }
        package var units: [Unit] { kinds.flatMap(\.units) }
    }

    /// A unit that is there and was not counted.
    package struct Unreadable: Sendable {
        /// nil when it could not even be listed.
        package var unit: UnitKey?
        package var error: HostError

        package init(unit: UnitKey?, error: HostError) {
            self.unit = unit
            self.error = error
        }
    }

    package init() {}

    package var projects: [Project] = []
    package var unreadable: [Unreadable] = []

    package var tally: SurveyTally {
        projects.reduce(into: SurveyTally()) { sum, project in
            for kind in project.kinds { sum.add(kind.tally) }
        }
    }

    /// The place of a unit's kind, made when it is the first of its kind or project.
    package mutating func place(_ key: UnitKey) -> (project: Int, kind: Int) {
        let text = ExactText(key.project)
        let project: Int
        if let last = projects.indices.last, ExactText(projects[last].project) == text {
            project = last
        } else if let known = projects.firstIndex(where: { ExactText($0.project) == text }) {
            project = known
        } else {
            project = projects.count
            projects.append(Project(project: key.project))
        }
        if let kind = projects[project].kinds.firstIndex(where: { $0.kind == key.kind }) {
            return (project, kind)
        }
        projects[project].kinds.append(Kind(kind: key.kind))
        return (project, projects[project].kinds.count - 1)
    }
}
