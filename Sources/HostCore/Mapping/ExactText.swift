// SPDX-License-Identifier: Apache-2.0

package import HostRecords

package typealias ExactText = HostRecords.ExactText
