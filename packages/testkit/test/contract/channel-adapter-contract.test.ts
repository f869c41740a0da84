import { channelAdapterContract, proveCasesCanFail, runContract } from '@dogwatch/testkit';
import type { BrokenImplementation, ChannelAdapterSubject, ContractHarness } from '@dogwatch/testkit';
import * as broken from './broken-channels.js';
import { ScriptedChannel, scriptedSubject } from './scripted-channel.js';

function harnessOf(Channel: new () => ScriptedChannel): ContractHarness<ChannelAdapterSubject> {
  return { create: () => scriptedSubject(new Channel()), capabilities: ['buttons', 'edits', 'people', 'places'] };
}

runContract(channelAdapterContract, 'ScriptedChannel', { harness: harnessOf(ScriptedChannel) });

function wrong(
  name: string,
  Channel: new () => ScriptedChannel,
  ...fails: readonly string[]
): BrokenImplementation<ChannelAdapterSubject> {
  return { name, harness: harnessOf(Channel), fails };
}

const nextMessage =
  'gives on the next message of a person once the one before is taken, and at once after one without an id';
const refusesToSend = 'refuses to send to the room of another channel';
const shown = 'shows the new content of an updated message, as often as it is updated';

proveCasesCanFail(channelAdapterContract, [
  wrong('trims what people write', broken.Trims, 'gives on what the human writes exactly as written, in order'),
  wrong(
    'names the room instead of the person',
    broken.NamesTheRoom,
    'names the person who wrote and its own type',
    'tells the people who write in it apart',
  ),
  wrong(
    'takes a thread for its room',
    broken.MixesPlaces,
    'keeps a direct message, a room and a thread of it apart, each with an answer of its own',
  ),
  wrong('gives on messages as they come', broken.Overtakes, nextMessage),
  wrong('waits for answers', broken.WaitsForAnswers, nextMessage),
  wrong('is ended by an inbound that rejects', broken.EndsByRejection, 'goes on after an inbound that rejects'),
  wrong('goes on after its stop', broken.NeverStops, 'gives on nothing that is written after the stop'),
  wrong('can be stopped once', broken.StopsOnce, 'stops as often as it is told to, also before it was started'),
  wrong('shows the title alone', broken.TitleOnly, 'shows title, text, facts and blocks'),
  wrong('loses replies', broken.LosesReplies, 'answers a person where the person wrote'),
  wrong('puts the newest on top', broken.NewestFirst, 'shows messages in the order in which they were sent'),
  wrong('is silent after its stop', broken.SilentAfterStop, 'sends what is still said after the stop'),
  wrong(
    'sends to any destination',
    broken.TakesAnyDestination,
    refusesToSend,
    'refuses to update in the room of another channel',
  ),
  wrong('throws where it should reject', broken.ThrowsAtOnce, refusesToSend),
  wrong(
    'lists a room of another channel',
    broken.ForeignRoom,
    'has rooms of its own type alone, and shows messages in each',
  ),
  wrong('shows no buttons', broken.HidesButtons, 'lets the human decide, by a button or by words to type'),
  wrong(
    'gives on a press without the id',
    broken.PressesWithoutId,
    'gives on a pressed button as the words it stands for',
  ),
  wrong('ignores updates', broken.NeverUpdates, shown),
  wrong(
    'posts updates anew',
    broken.AlwaysPosts,
    'puts the new content in the place of the old',
    'lets the buttons of an updated message do nothing more',
  ),
  wrong('cannot post anew', broken.CannotPostAnew, 'posts anew when the message to update is not there any more'),
  wrong('cuts answers', broken.CutsAnswers, 'completes a draft with the whole of a long answer, in order'),
  wrong('offers commands', broken.OffersCommands, 'makes nothing to tap of words that look like commands'),
  wrong('reads markup', broken.ReadsMarkup, 'shows markup of any kind as the text it is'),
  wrong(
    'lets control characters through',
    broken.LetsControlsThrough,
    'lets no control character and no change of direction through',
  ),
  wrong('breaks the lines of titles and facts', broken.BreaksLines, 'keeps a title and a fact on one line'),
  wrong('refuses long text', broken.RefusesLongText, 'takes very long lines and shows how they begin'),
]);
