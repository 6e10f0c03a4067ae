import Dispatch
import SentiTensor
import Testing

@Suite("Cancellation")
struct CancellationTests {
  @Test func stopsOnlyWhatIsWatched() async {
    let task = Task {
      let cancellation = Cancellation()
      let before = cancellation.watch { Cancellation.isRequested }
      withUnsafeCurrentTask { $0?.cancel() }
      return [before, Cancellation.isRequested, cancellation.watch { Cancellation.isRequested }]
    }
    #expect(await task.value == [false, false, true])
  }

  @Test func threadsOutsideOfTheTaskLearnOfIt() async {
    let task = Task {
      let cancellation = Cancellation()
      withUnsafeCurrentTask { $0?.cancel() }
      #expect(cancellation.isRequested)
      return await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
          let found = [Task.isCancelled, cancellation.watch { Cancellation.isRequested }]
          continuation.resume(returning: found)
        }
      }
    }
    #expect(await task.value == [false, true])
  }
}
