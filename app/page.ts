import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler } from 'express';

/** The page is not compiled: it lies beside this file's source, which the compiled one finds from `build/app`. */
const FILES = [join(__dirname, 'public'), join(__dirname, '../../app/public')].find(existsSync);

/** Nothing but this server's own files, no inline script, no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For every answer. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
  next();
};

/** The library's page at `/`. A browser asks each time whether a file is still the same: a deployment changes them. */
export function page(): RequestHandler {
  if (FILES === undefined) throw new Error('app/public is not there');
  return express.static(FILES, { cacheControl: false, setHeaders: noCache });
}

const noCache = (response: { setHeader(name: string, value: string): unknown }): void =>
  void response.setHeader('Cache-Control', 'no-cache');
