// Taking the terminal and giving it back: at the start and the end, to the shell, to an editor.

import CTerminal
import Glibc
import TerminalUI

extension TerminalThread {
    /// How long the shell may take to stop us after Ctrl-Z. A group without a shell is not
    /// stopped at all, and then goes on.
    private static let stopPatience: Duration = .milliseconds(500)
    /// How long a program may take to end after it has been asked to.
    private static let programPatience: Duration = .seconds(1)

    // MARK: Taking and giving back

    /// Switches the terminal to our modes. The screen follows with the next frame.
    func take(_ devices: Devices) -> Bool {
        guard devices.line.take() else { return false }
        devices.line.arm(
            modesOff(devices.screen) + devices.screen.emergencyBytes(), supervisor: supervisor)
        mustRepaint = true
        shownTitle = nil
        flow = LineFlow(asks: flow.asks)
        var bytes: [UInt8] = []
        if devices.screen.isXtermLike {
            if !devices.screen.keepsTitle { bytes += Array(XtermSequence.saveTitle.utf8) }
            bytes += Array(XtermSequence.pasteOn.utf8)
            if mouse { bytes += Array(XtermSequence.mouseOn.utf8) }
        }
        if surroundings.maySendModeQuestion { bytes += Array(XtermSequence.askSynchronized.utf8) }
        // The first question carries nothing, so its answer tells how long the way is.
        if flow.asks {
            bytes += LineFlow.question
            flow.sent(0, asking: true, at: .now)
        }
        return bytes.isEmpty || devices.line.writeAll(bytes, patience: Self.farewellPatience)
    }

    private func modesOff(_ screen: CursesScreen) -> [UInt8] {
        guard screen.isXtermLike else { return [] }
        let title = screen.keepsTitle ? "" : XtermSequence.restoreTitle
        let modes = XtermSequence.endFrame + XtermSequence.mouseOff + XtermSequence.pasteOff
        return Array((modes + title).utf8)
    }

    /// Puts everything back as it was found, whatever state the line is in.
    func giveBack(_ devices: Devices) {
        if !isLost {
            let rest = Array(unsent)
            let bytes = rest + modesOff(devices.screen) + devices.screen.leave()
            waitForAnswer(devices)
            _ = devices.line.writeAll(bytes, patience: Self.farewellPatience)
        }
        unsent = []
        firstUnpaintedKey = nil
        devices.line.giveBack()
        ct_restore_disarm()
        supervisor.terminalGivenBack()
    }

    /// An answer that arrives after we have left would be typed into the shell.
    private func waitForAnswer(_ devices: Devices) {
        let deadline = Instant.now.advanced(by: .milliseconds(Int(Self.answerPatience)))
        while flow.isAnswerDue, Instant.now < deadline {
            var entry = pollfd(fd: devices.line.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, Self.answerPatience) == 1,
                case .bytes(let bytes) =
                    devices.line.read()
            else { return }
            for case .statusReport in parser.feed(bytes) { flow.answered(at: .now) }
        }
    }

    /// Takes the terminal again and repaints, with whatever size it has by now.
    func takeAgain(_ devices: Devices) {
        guard take(devices) else {
            lose()
            return
        }
        let size = devices.line.size() ?? devices.screen.size
        emit(.resumed)
        if size != devices.screen.size {
            devices.screen.resize(to: size)
            emit(.resized(size))
        }
    }

    // MARK: Ctrl-Z

    func suspend(_ devices: Devices) {
        giveBack(devices)
        stopGroup(devices)
        takeAgain(devices)
    }

    /// Stops the process group and returns when it goes on.
    private func stopGroup(_ devices: Devices) {
        readSignals(devices.signals)
        waitingSignals.removeAll { $0 == SIGCONT }
        ct_signals_stop_group()
        let deadline = Instant.now.advanced(by: Self.stopPatience)
        while !waitingSignals.contains(SIGCONT), Instant.now < deadline {
            waitForSignal(devices, milliseconds: 100)
        }
        ct_signals_catch(SIGTSTP, 0)
        waitingSignals.removeAll { $0 == SIGCONT }
    }

    private func waitForSignal(_ devices: Devices, milliseconds: Int32) {
        var entry = pollfd(fd: devices.signals, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, milliseconds)
        readSignals(devices.signals)
    }

    // MARK: Lending

    /// Lends the terminal to the program that waits first. Keys are not read meanwhile: they are
    /// the program's.
    func runWaitingProgram(_ devices: Devices) {
        guard !programs.isEmpty, !isLost, !isStopping else { return }
        let program = programs.removeFirst()
        giveBack(devices)
        ct_signals_catch(SIGCHLD, 0)
        let result = run(program.command, devices)
        ct_signals_release(SIGCHLD)
        waitingSignals.removeAll { $0 == SIGCHLD || $0 == SIGCONT }
        takeAgain(devices)
        program.reply.resume(returning: result)
    }

    private func run(
        _ command: [String], _ devices: Devices
    ) -> Result<Int32, TerminalError> {
        guard let name = command.first, !name.isEmpty else {
            return .failure(TerminalError("There is no program to start: its name is empty."))
        }
        // Also when it could not be started: its process had the foreground before it failed.
        defer { _ = ct_set_foreground(devices.line.inherited, getpgrp()) }
        var process: pid_t = 0
        let failed = ChildArguments.with(command, options.environment) { arguments, environment in
            ct_spawn_foreground(name, arguments, environment, devices.line.inherited, &process)
        }
        guard failed == 0 else {
            let reason = String(cString: strerror(failed))
            return .failure(TerminalError("\(name) cannot be started: \(reason)."))
        }
        return .success(wait(for: process, devices))
    }

    /// Waits for a program, and stops and goes on with it.
    private func wait(for process: pid_t, _ devices: Devices) -> Int32 {
        var killAt: Instant?
        while true {
            var status: Int32 = 0
            let changed = waitpid(process, &status, WNOHANG | WUNTRACED)
            if changed == process {
                var value: Int32 = 0
                switch ct_wait_kind(status, &value) {
                case 0: return value
                case 1: return 128 + value
                default: stopWith(process, devices)
                }
            } else if changed < 0, errno != EINTR {
                return 127
            } else {
                waitForSignal(devices, milliseconds: killAt == nil ? -1 : 50)
            }
            let ending = waitingSignals.first { Self.endingSignals.contains($0) }
            if let ending, killAt == nil {
                // The console is to end: first the program may save what it has.
                kill(-process, ending)
                killAt = .now.advanced(by: Self.programPatience)
            }
            if let killAt, killAt <= .now { kill(-process, SIGKILL) }
        }
    }

    /// The program was stopped by Ctrl-Z: so are we, to the shell, and both go on together.
    private func stopWith(_ process: pid_t, _ devices: Devices) {
        _ = ct_set_foreground(devices.line.inherited, getpgrp())
        stopGroup(devices)
        _ = ct_set_foreground(devices.line.inherited, process)
        kill(-process, SIGCONT)
    }
}

/// Arguments and environment in the form that C wants.
enum ChildArguments {
    typealias List = UnsafePointer<UnsafeMutablePointer<CChar>?>

    /// Calls `body` with both lists, which live until it returns.
    static func with<Result>(
        _ command: [String], _ environment: [String: String], _ body: (List, List) -> Result
    ) -> Result {
        var arguments = command.map { strdup($0) }
        var variables = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in arguments + variables { free(text) } }
        arguments.append(nil)
        variables.append(nil)
        return body(arguments, variables)
    }
}
