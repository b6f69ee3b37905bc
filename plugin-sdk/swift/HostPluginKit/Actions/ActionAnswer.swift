// SPDX-License-Identifier: Apache-2.0

public import CHost

extension Action {
    /// Runs the body of an action that needs no instance. What it throws becomes the call's error.
    public static func answer(_ call: CallArgument, _ body: (Call) throws(HostError) -> Void) -> host_status {
        barrier(call) { call throws(HostError) in
            LentResults.start()
            try body(call)
            return .ok
        }
    }

    /// Runs the body of an action that works on `Instance`, the plugin's exporter or loader.
    public static func answer<Instance>(
        _ call: CallArgument, _ instance: InstanceArgument, _ body: (Instance, Call) throws(HostError) -> Void
    ) -> host_status {
        answer(call) { call throws(HostError) in
            guard let instance,
                let box = Unmanaged<AnyObject>.fromOpaque(UnsafeRawPointer(instance))
                    .takeUnretainedValue() as? any InstanceBox, let object = box.instance as? Instance
            else {
                throw HostError(
                    .invalidState, "The action works on another role than the one its declaration names.",
                    subject: String(describing: Instance.self))
            }
            try body(object, call)
        }
    }
}

/// What the handle of an instance stands for; so that a handle of the other role is noticed.
protocol InstanceBox: AnyObject {
    var instance: Any { get }
}
