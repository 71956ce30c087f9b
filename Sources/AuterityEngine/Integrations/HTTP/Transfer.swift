internal import CCurl
import Glibc

/// One easy handle with its buffers. It is made, used and ended on the transfer thread alone;
/// libcurl calls back into it there.
final class Transfer {
    /// libcurl sets itself up once in a process.
    static let isLibraryReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    let easy: UnsafeMutableRawPointer
    let id: UInt64
    private let plan: TransferPlan
    private var slists: [UnsafeMutablePointer<curl_slist>] = []
    private var uploadPosition = 0
    private var body: [UInt8] = []
    private var headerLines: [String] = []
    private var headerBytes = 0
    /// What stopped the transfer from within a callback; goes before libcurl's own code.
    private var ownEnding: TransferEnding?
    private var refusal: TransferEnding?

    /// `nil` when the time is over already or libcurl has no memory left.
    init?(id: UInt64, plan: TransferPlan) {
        guard plan.deadline > .now, let easy = curl_easy_init() else { return nil }
        self.id = id
        self.plan = plan
        self.easy = easy
        configure()
    }

    /// The handle must be out of the multi handle before.
    deinit {
        curl_easy_cleanup(easy)
        for list in slists { curl_slist_free_all(list) }
    }

    func report(_ ending: TransferEnding) -> TransferReport {
        var report = TransferReport(ending: ending)
        if let ownEnding {
            report.ending = ownEnding
        } else if let refusal, case .finished(let code) = ending, code != CURLE_OK {
            report.ending = refusal
        }
        report.status = number(CURLINFO_RESPONSE_CODE)
        report.headerLines = headerLines
        report.body = body
        report.systemError = Int32(truncatingIfNeeded: number(CURLINFO_OS_ERRNO))
        report.wasConnected = number(CURLINFO_NUM_CONNECTS) > 0 || report.status > 0
        report.certificateFault = number(CURLINFO_SSL_VERIFYRESULT)
        report.proxyStatus = number(CURLINFO_HTTP_CONNECTCODE)
        var seconds: curl_off_t = 0
        ccurl_get_size(easy, CURLINFO_RETRY_AFTER, &seconds)
        if seconds > 0 { report.retryAfter = Double(seconds) }
        return report
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        ccurl_get_number(easy, info, &value)
        return value
    }
}

// MARK: - Setting up

extension Transfer {
    private func configure() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_text(easy, CURLOPT_URL, plan.url)
        if let credentials = plan.credentials {
            ccurl_set_text(easy, CURLOPT_USERNAME, credentials.user)
            ccurl_set_text(easy, CURLOPT_PASSWORD, credentials.password)
        }
        configureSafety()
        for (option, value) in plan.numbers { ccurl_set_number(easy, option, value) }
        for (option, value) in plan.texts { ccurl_set_text(easy, option, value) }
        for (option, values) in plan.lists { setList(option, values) }
        let left = (plan.deadline - .now).wholeMilliseconds
        ccurl_set_number(easy, CURLOPT_TIMEOUT_MS, max(1, left))
        ccurl_set_number(
            easy, CURLOPT_CONNECTTIMEOUT_MS,
            max(1, min(left, plan.connectTimeout.wholeMilliseconds))
        )
        if let body = plan.body {
            ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            body.withUnsafeBytes { bytes in
                _ = bytes.withMemoryRebound(to: CChar.self) {
                    ccurl_set_text(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
                }
            }
        }
        configureCallbacks(context)
    }

    /// What holds for every transfer, whoever asked for it.
    private func configureSafety() {
        ccurl_set_number(easy, CURLOPT_NOSIGNAL, 1)
        // A name that is being resolved must not hold up the thread when its transfer is given up.
        ccurl_set_number(easy, CURLOPT_QUICK_EXIT, 1)
        ccurl_set_number(easy, CURLOPT_SSL_VERIFYPEER, 1)
        ccurl_set_number(easy, CURLOPT_SSL_VERIFYHOST, 2)
        ccurl_set_number(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        ccurl_set_number(easy, CURLOPT_FOLLOWLOCATION, 0)
        ccurl_set_number(easy, CURLOPT_HTTPAUTH, ccurl_auth_basic)
        // Empty means none, also where the environment names one.
        ccurl_set_text(easy, CURLOPT_PROXY, "")
        ccurl_set_text(easy, CURLOPT_NOPROXY, "")
    }

    private func configureCallbacks(_ context: UnsafeMutableRawPointer) {
        ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
            Transfer.of(context)?.takeBody(data, size * count) ?? 0
        }
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_data_callback(easy, CURLOPT_HEADERFUNCTION) { data, size, count, context in
            Transfer.of(context)?.takeHeader(data, size * count) ?? 0
        }
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        if plan.upload != nil {
            ccurl_set_data_callback(easy, CURLOPT_READFUNCTION) { data, size, count, context in
                Transfer.of(context)?.giveUpload(data, size * count) ?? 0
            }
            ccurl_set_pointer(easy, CURLOPT_READDATA, context)
        }
        configureSocketCallbacks(context)
    }

    private func configureSocketCallbacks(_ context: UnsafeMutableRawPointer) {
        guard plan.addressGuard != nil || plan.socket != nil else { return }
        ccurl_set_open_socket_callback(easy) { context, _, address in
            guard let address else { return ccurl_no_socket }
            return Transfer.of(context)?.openSocket(address) ?? ccurl_no_socket
        }
        ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        if let socket = plan.socket {
            // The socket outlives the transfer that it came with by the farewell of the protocol.
            let holder = Unmanaged.passUnretained(socket).toOpaque()
            ccurl_set_close_socket_callback(easy) { holder, descriptor in
                guard let holder else { return 1 }
                Unmanaged<TransferSocket>.fromOpaque(holder).takeUnretainedValue()
                    .close(descriptor)
                return 0
            }
            ccurl_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, holder)
            ccurl_set_progress_callback(easy) { context, _, _, _, _ in
                Transfer.of(context)?.plan.socket?.isEnded == true ? 1 : 0
            }
            ccurl_set_pointer(easy, CURLOPT_XFERINFODATA, context)
            ccurl_set_number(easy, CURLOPT_NOPROGRESS, 0)
        }
        guard plan.addressGuard != nil else { return }
        // A connection that is used again was opened by another transfer, maybe one without guard.
        ccurl_set_before_request_callback(easy) { context, address, _, _, _ in
            guard let address, let transfer = Transfer.of(context) else { return 1 }
            return transfer.mayUse(String(cString: address)) ? 0 : 1
        }
        ccurl_set_pointer(easy, CURLOPT_PREREQDATA, context)
    }

    private func setList(_ option: CURLoption, _ values: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values {
            guard let longer = curl_slist_append(list, value) else { break }
            list = longer
        }
        guard let list else { return }
        slists.append(list)
        ccurl_set_list(easy, option, list)
    }
}

// MARK: - Called by libcurl

extension Transfer {
    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func takeBody(_ data: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let data else { return 0 }
        guard body.count + count <= plan.maximumBodyBytes else {
            ownEnding = .bodyTooLarge
            return count == 0 ? 1 : 0
        }
        body.append(contentsOf: UnsafeRawBufferPointer(start: data, count: count))
        return count
    }

    private func takeHeader(_ data: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let data else { return 0 }
        let line = UnsafeRawBufferPointer(start: data, count: count)
        if line.starts(with: "HTTP/".utf8) {
            headerLines = []
            headerBytes = 0
        }
        headerBytes += count
        guard headerBytes <= TransferLimits.maximumHeaderBytes,
            headerLines.count < TransferLimits.maximumHeaderLines
        else {
            ownEnding = .headersTooLarge
            return count == 0 ? 1 : 0
        }
        let text = String(decoding: line, as: UTF8.self)
        headerLines.append(String(text.prefix { !$0.isNewline }))
        return count
    }

    private func giveUpload(_ data: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
        guard let data, let upload = plan.upload else { return 0 }
        let count = min(room, upload.count - uploadPosition)
        guard count > 0 else { return 0 }
        let piece = upload[uploadPosition..<(uploadPosition + count)]
        UnsafeMutableRawBufferPointer(start: data, count: count).copyBytes(from: piece)
        uploadPosition += count
        return count
    }

    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard let target = ccurl_address(address), let ip = IPAddress(target), allows(ip) else {
            return ccurl_no_socket
        }
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.pointee.family, type, address.pointee.protocol)
        guard descriptor >= 0, let holder = plan.socket else { return descriptor }
        return holder.open(descriptor) ? descriptor : ccurl_no_socket
    }

    private func mayUse(_ address: String) -> Bool {
        guard let ip = IPAddress(address) else { return false }
        return allows(ip)
    }

    private func allows(_ address: IPAddress) -> Bool {
        guard let reason = plan.addressGuard?.refusal(of: address) else { return true }
        refusal = .refusedByGuard(address, reason)
        return false
    }
}

extension Duration {
    /// Rounded up, and kept within what a C `int` holds.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return Int(seconds) * 1000
            + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
