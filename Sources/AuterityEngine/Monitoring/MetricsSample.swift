import AuterityAPI

/// The figures of one stretch of time.
struct MetricsSample: Sendable {
    /// When the stretch ended.
    let at: Timestamp
    /// Seconds.
    let length: Double
    private(set) var values: [MetricName: Double]

    /// How figures of several stretches become one.
    enum Merging {
        case sum, mean, largest
    }

    init(at: Timestamp, length: Double, values: [MetricName: Double]) {
        self.at = at
        self.length = length
        self.values = values
    }

    /// Several stretches as one; percentiles become the largest of theirs.
    init(merging samples: [MetricsSample], at: Timestamp, length: Double) {
        self.at = at
        self.length = length
        values = [:]
        for name in MetricName.allCases {
            let known = samples.compactMap { $0.values[name] }
            guard !known.isEmpty else { continue }
            switch name.merging {
            case .sum: values[name] = known.reduce(0, +)
            case .mean: values[name] = known.reduce(0, +) / Double(known.count)
            case .largest: values[name] = known.max()
            }
        }
    }

    var json: JSONValue {
        var object = JSONObject()
        for name in MetricName.allCases {
            if let value = values[name] { object[name.rawValue] = .double(value) }
        }
        return .object(object)
    }

    init(at: Timestamp, length: Double, json: JSONValue) {
        self.at = at
        self.length = length
        values = [:]
        for name in MetricName.allCases {
            values[name] = json[name.rawValue]?.doubleValue
        }
    }
}

extension MetricName {
    var merging: MetricsSample.Merging {
        switch self {
        case .executions, .failures, .steps, .requests, .aiCost, .aiTokens: .sum
        case .durationP50, .durationP95, .durationP99, .stepP95: .largest
        case .cpuUsage, .memoryUsage, .diskUsage, .databaseLatency, .databaseConnections: .mean
        }
    }
}
