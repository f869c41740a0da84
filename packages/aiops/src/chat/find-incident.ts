import { AppError, ID_ALPHABET, ID_LENGTH } from '@dogwatch/core';
import type { IncidentLog, IncidentSummary } from '@dogwatch/core';
import { readIncidentSummary } from '../incidents/summarize-incident.js';

const minPrefix = 4;

/** The incident that the words of a human name, by its id or an unambiguous beginning of it. */
export async function findIncident(log: IncidentLog, words: string | undefined): Promise<IncidentSummary> {
  const id = words?.toLowerCase() ?? '';
  if (id === '')
    throw unknown(`Name the incident, by at least ${minPrefix} characters of its id. '/incident list' shows them.`);
  const isId = id.length >= minPrefix && id.length <= ID_LENGTH && [...id].every((char) => ID_ALPHABET.includes(char));
  if (!isId)
    throw unknown(
      `'${words}' is no id: ids have ${ID_LENGTH} letters and digits, ${minPrefix} are enough. '/incident list' shows them.`,
    );
  const rows = (await log.findSummariesByPrefix(id)).filter((row) => row.kind === 'incident');
  const [row] = rows;
  if (row === undefined) throw unknown(`There is no incident '${words}'. '/incident list' shows the open ones.`);
  if (rows.length > 1) {
    const all = rows.map((one) => one.id).join(', ');
    throw new AppError('DW_INCIDENT_AMBIGUOUS', `'${words}' could be any of ${all}. Type one more character.`);
  }
  return readIncidentSummary(row);
}

function unknown(message: string): AppError {
  return new AppError('DW_INCIDENT_UNKNOWN', message);
}
