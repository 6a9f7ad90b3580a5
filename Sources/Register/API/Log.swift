internal import Formats
internal import Glibc

/// Failures of our own, as JSON lines on standard error.
package enum Log {
  package static func failure(_ requestID: String, _ detail: String) {
    let line = ByteBuffer(capacity: 256)
    line.append("{\"time\":\"")
    line.append(timestamp: Timestamp.now())
    line.append("\",\"level\":\"error\",\"request_id\":")
    line.append(jsonString: requestID)
    line.append(",\"detail\":")
    line.append(jsonString: detail)
    line.append("}\n")
    unsafe line.withBytes { _ = unsafe write(2, $0.baseAddress, $0.count) }
  }
}
