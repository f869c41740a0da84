import { z } from 'zod';

/** A setting that names people: `role:<role>`, `user:<id>`, or an identity, in which `*` stands for any letters. */
export const namedPeople = z
  .string()
  .regex(/^[^:]+:.+$/, "must look like 'role:oncall', 'user:anna', or 'channelType:userId' such as 'slack:*'");
