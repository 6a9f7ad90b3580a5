internal import CEpoll
internal import Dispatch
internal import Glibc
internal import Locks
internal import Synchronization

/// An event loop and Swift executor: runs an epoll set and jobs on one thread, that of its own serial Dispatch queue.
///
/// Its actors run between two calls of `epoll_wait`, so a connection is a plain `while` with `await`, and the compiler checks that its
/// state stays on the loop. Jobs from the loop itself are queued without a lock; others go through a locked list and wake the loop.
///
/// `@unchecked Sendable` holds because only the loop's thread touches anything but `remote`, `thread` and the poller's `wake`.
package final class Loop: TaskExecutor, SerialExecutor, @unchecked Sendable {
  let queue: DispatchQueue
  private let poller: Poller
  private let remote = Locked(Remote())
  /// The loop's thread; 0 while it isn't running.
  private let thread = Atomic<UInt>(0)
  private var jobs: [UnownedJob] = []
  private var running: [UnownedJob] = []
  private var sockets: [Socket?] = []
  private var wheel = DeadlineWheel()
  private var serial: UInt32 = 0
  private let origin: Int
  /// The current tick; read once a turn.
  private(set) var now = 0
  /// A tick at which the loop must turn even without events.
  var alarm = Int.max

  private struct Remote {
    var jobs: [UnownedJob] = []
    var isRunning = false
  }

  /// A loop that is not running yet.
  ///
  /// - Parameter label: names its queue and thread.
  /// - Throws: `SocketError` when descriptors have run out.
  package init(label: String) throws {
    queue = DispatchQueue(label: label)
    poller = try Poller()
    origin = monotonicNanoseconds()
  }
}

// MARK: Executor

extension Loop {
  /// Queues a job; runs it in this turn or the next. Any thread (SE-0392).
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { jobs.append(job) } else { enqueueFromOutside(job) }
  }

  private func enqueueFromOutside(_ job: UnownedJob) {
    let (isFirst, isRunning) = remote.withLock { remote in
      remote.jobs.append(job)
      return (remote.jobs.count == 1, remote.isRunning)
    }
    if isRunning {
      if isFirst { poller.wake() }
    } else {
      // Before the first turn and after the last one, the queue itself runs the jobs.
      queue.async { @Sendable in self.runLeftovers() }
    }
  }

  /// The loop as the serial executor of its actors (SE-0392).
  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

  /// Whether the caller is on the loop's thread; never `nil` (SE-0471).
  package func isIsolatingCurrentContext() -> Bool? { isCurrent }

  /// Stops the program unless the caller is on the loop's thread (SE-0424).
  package func checkIsolated() { precondition(isCurrent, "not on the loop") }

  private var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  /// Ends the current or next wait. Any thread.
  func wake() { poller.wake() }
}

// MARK: Turns

extension Loop {
  /// Runs turns on the calling thread until `body`, called before each, returns `false`.
  func run(onListener: (Int32) -> Void, beforeTurn body: () -> Bool) {
    begin()
    while body() { turn(onListener) }
    end()
  }

  private func begin() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    takeRemoteJobs(isRunning: true)
    updateNow()
    runJobs()
  }

  private func end() {
    takeRemoteJobs(isRunning: false)
    runJobs()
    thread.store(0, ordering: .relaxed)
  }

  private func runLeftovers() {
    guard thread.load(ordering: .relaxed) == 0 else { return }
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    takeRemoteJobs(isRunning: false)
    while !jobs.isEmpty { runJobs() }
    thread.store(0, ordering: .relaxed)
  }

  private func turn(_ onListener: (Int32) -> Void) {
    let isWoken = poller.wait(milliseconds) { descriptor, events in
      if let socket = socket(descriptor) { socket.isReady(events) } else { onListener(descriptor) }
    }
    updateNow()
    if isWoken { takeRemoteJobs(isRunning: true) }
    expireDeadlines()
    runJobs()
  }

  /// How long the next `epoll_wait` may take.
  private var milliseconds: Int32 {
    if !jobs.isEmpty { return 0 }
    let due = min(wheel.nextDue, alarm)
    if due == .max { return -1 }
    let target = due * DeadlineWheel.tickMilliseconds
    return Int32(clamping: max(0, target - elapsedMilliseconds))
  }

  private func takeRemoteJobs(isRunning: Bool) {
    let taken = remote.withLock { remote in
      remote.isRunning = isRunning
      let taken = remote.jobs
      remote.jobs = []
      return taken
    }
    jobs.append(contentsOf: taken)
  }

  /// Runs queued jobs, and the jobs they queue, for a few rounds; then the sockets have their turn again.
  private func runJobs() {
    var rounds = 0
    while !jobs.isEmpty, rounds < 16 {
      swap(&jobs, &running)
      for job in running {
        unsafe job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
      }
      running.removeAll(keepingCapacity: true)
      rounds += 1
    }
  }
}

// MARK: Sockets and deadlines

extension Loop {
  /// Watches `socket` until `remove`.
  func add(_ socket: Socket) -> Bool {
    let index = Int(socket.descriptor)
    if index >= sockets.count { sockets.append(contentsOf: repeatElement(nil, count: index + 64 - sockets.count)) }
    serial &+= 1
    socket.serial = serial
    sockets[index] = socket
    return poller.addConnection(socket.descriptor)
  }

  func remove(_ socket: Socket) { sockets[Int(socket.descriptor)] = nil }

  func addListener(_ descriptor: Int32) -> Bool { poller.addListener(descriptor) }

  func removeListener(_ descriptor: Int32) { poller.remove(descriptor) }

  func forEachSocket(_ body: (Socket) -> Void) {
    for socket in sockets { if let socket { body(socket) } }
  }

  /// The first tick at least `seconds` ahead.
  func tick(after seconds: Double) -> Int {
    let ticks = min(max(seconds, 0), 1e9) * 1_000 / Double(DeadlineWheel.tickMilliseconds)
    return now + Int(ticks.rounded(.up)) + 1
  }

  /// Makes sure that `socket` is checked at its deadline at the latest.
  func schedule(_ socket: Socket) {
    guard socket.deadline < socket.scheduledTick else { return }
    socket.scheduledTick = wheel.add(.init(descriptor: socket.descriptor, serial: socket.serial), at: socket.deadline)
  }

  private func socket(_ descriptor: Int32) -> Socket? {
    let index = Int(descriptor)
    return index < sockets.count ? sockets[index] : nil
  }

  private func expireDeadlines() {
    for (entry, tick) in wheel.expire(at: now) {
      guard let socket = socket(entry.descriptor), socket.serial == entry.serial, socket.scheduledTick == tick else { continue }
      socket.scheduledTick = .max
      if socket.deadline <= now { socket.timeOut() } else if socket.deadline < .max { schedule(socket) }
    }
  }

  private func updateNow() { now = elapsedMilliseconds / DeadlineWheel.tickMilliseconds }

  private var elapsedMilliseconds: Int { (monotonicNanoseconds() - origin) / 1_000_000 }
}
