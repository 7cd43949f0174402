/** Beats once a second. In a worker, because browsers slow down the timers of hidden pages. */
setInterval(() => postMessage(null), 1000);
