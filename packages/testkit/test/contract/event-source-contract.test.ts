import {
  eventSourceContract,
  proveCasesCanFail,
  runContract,
  type BrokenImplementation,
  type EventSourceSubject,
} from '@dogwatch/testkit';
import { wakefulSubject, type Fault } from './wakeful-event-source.js';

runContract(eventSourceContract, 'a small event source', { harness: { create: () => wakefulSubject() } });

function wrong(fault: Fault, fails: readonly string[]): BrokenImplementation<EventSourceSubject> {
  return { name: `is ${fault}`, harness: { create: () => wakefulSubject(fault) }, fails };
}

proveCasesCanFail(eventSourceContract, [
  wrong('unnamed', ['tells well-formed events that carry its name']),
  wrong('eager', ['emits nothing before it is started']),
  wrong('restless', ['emits nothing after it was stopped, and can be stopped twice']),
  wrong('deaf to its signal', ['emits nothing after its signal has aborted']),
  wrong('late', ['gives up what it could not deliver when it is stopped']),
  wrong('repeating', ['tells an occurrence once, however often it is touched']),
  wrong('once in its life', ['begins anew when it is started again after its stop']),
  wrong('one-shot', ['tells each further occurrence as another one']),
  wrong('blind to ends', ['clears what is over, once']),
  wrong('clearing twice', ['clears what is over, once']),
  wrong('lumping', ['keeps two troubles apart']),
  wrong('forgetful', ['does not tell again after a restart what is known and still holds']),
  wrong('unaware of the past', ['clears after a restart what was over before it began']),
  wrong('dropping', ['tries again what the sink refused, until it is taken']),
  wrong('hammering', ['does not offer a refused event without a pause']),
  wrong('stuck on the first state', ['ends with the newest state when events were refused on the way']),
  wrong('disordered', ['never tells an older occurrence of a key after a newer one']),
]);
