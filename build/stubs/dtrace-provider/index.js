throw new Error('DTrace probes are not part of Dogwatch');
